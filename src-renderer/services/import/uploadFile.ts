import type { FileReference } from '#common/contract/api/libraryApi';
import { AppError } from '#common/contract/errors';
import type { WireError } from '#common/contract/wire';
import { fromWire } from '#common/contract/wire';

/**
 * Sends a file's bytes to the host; they never ride the calls.
 *
 * @throws AppError the host's own, or `connection.lost` where it did not answer
 */
export async function uploadFile(file: File, url = '/uploads'): Promise<FileReference> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      body: file,
      headers: { 'x-file-name': encodeURIComponent(file.name) },
    });
  } catch (cause) {
    throw new AppError('connection.lost', `“${file.name}” could not be sent to the host.`, { cause });
  }
  const answer = (await response.json().catch(() => undefined)) as unknown;
  if (response.ok && isUpload(answer)) return { uploadId: answer.uploadId };
  if (isWireError(answer)) throw fromWire(answer);
  const code = response.status === 413 ? 'upload.tooLarge' : 'input.unreadable';
  throw new AppError(code, `The host refused “${file.name}” (${response.status}).`);
}

function isUpload(value: unknown): value is { uploadId: string } {
  return (
    typeof value === 'object' && value !== null && 'uploadId' in value && typeof value.uploadId === 'string'
  );
}

function isWireError(value: unknown): value is WireError {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value;
}
