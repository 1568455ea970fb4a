/** The escapes of Python's string literals that pickles of protocol 0 use. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  '0': '\0',
};

/** A quoted string of protocol 0 (opcode S), each byte one character; undefined where it is not quoted. */
export function parseQuoted(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString('latin1').trim();
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || text.at(-1) !== quote) return undefined;
  return text
    .slice(1, -1)
    .replace(/\\(x[0-9a-fA-F]{2}|[^x])/g, (whole, code: string) =>
      code.startsWith('x') && code.length === 3
        ? String.fromCharCode(parseInt(code.slice(1), 16))
        : (ESCAPES[code] ?? whole),
    );
}

/** "raw-unicode-escape" of protocol 0 (opcode V): Latin-1 with \u and \U escapes. */
export function parseRawUnicode(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/\\u([0-9a-fA-F]{4})|\\U(00[01][0-9a-fA-F]{5})/g, (whole, short?: string, long?: string) => {
      const code = parseInt(short ?? long ?? '', 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    });
}
