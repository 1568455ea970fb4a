import { createHash, timingSafeEqual } from 'node:crypto';

/** Tells whether something offered is that secret, in the same time whatever was offered: digests have one length. */
export function secretTest(secret: string): (offered: unknown) => boolean {
  const expected = digest(secret);
  return (offered) => typeof offered === 'string' && timingSafeEqual(digest(offered), expected);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
