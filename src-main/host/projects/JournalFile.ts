import type * as nodeFiles from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { AppError } from '#common/contract/errors';
import type { JournalLine } from '#common/project/journalCodec';
import { encodeJournalLine } from '#common/project/journalCodec';
import { asWriteError } from '#host/files/diskErrors';

/**
 * The journal of one working copy, open for appending. What `append` returned for has reached the disk; what it
 * threw for is not part of the journal. One call at a time.
 */
export class JournalFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  /** Bytes of the good lines; a failed write may leave more behind it. */
  #length: number;
  #hasRemains = false;

  private constructor(path: string, handle: FileHandle, length: number) {
    this.#path = path;
    this.#handle = handle;
    this.#length = length;
  }

  /**
   * Opens a journal and cuts off what follows its good lines.
   *
   * @param length bytes of the good lines
   * @throws AppError `disk.*`
   */
  static async open(
    path: string,
    length: number,
    files: Pick<typeof nodeFiles, 'open'>,
  ): Promise<JournalFile> {
    try {
      const handle = await files.open(path, 'r+');
      try {
        if ((await handle.stat()).size !== length) {
          await handle.truncate(length);
          await handle.datasync();
        }
        return new JournalFile(path, handle, length);
      } catch (error) {
        await handle.close();
        throw error;
      }
    } catch (error) {
      throw asWriteError(error, path);
    }
  }

  get bytes(): number {
    return this.#length;
  }

  /**
   * Adds a line and waits until the disk has it.
   *
   * @throws AppError `disk.*`; `project.notOpen` where another program has written into the journal meanwhile
   */
  async append(line: JournalLine): Promise<void> {
    const bytes = Buffer.from(encodeJournalLine(line), 'utf8');
    try {
      if (this.#hasRemains) await this.#cutRemains();
      await this.checkUntouched();
      this.#hasRemains = true;
      for (let written = 0; written < bytes.length;) {
        const position = this.#length + written;
        written += (await this.#handle.write(bytes, written, bytes.length - written, position)).bytesWritten;
      }
      await this.#handle.datasync();
      this.#length += bytes.length;
      this.#hasRemains = false;
    } catch (error) {
      // Tried at once, so that a crash now would not find a line nobody was promised; else before the next line.
      if (this.#hasRemains) await this.#cutRemains().catch(() => undefined);
      throw asWriteError(error, this.#path);
    }
  }

  /**
   * Two hosts on one data folder would overwrite each other's lines and generations.
   *
   * @throws AppError `project.notOpen` where another program has written into the journal or folded it away
   */
  async checkUntouched(): Promise<void> {
    const { size, nlink } = await this.#handle.stat();
    if (size === this.#length && nlink > 0) return;
    throw new AppError(
      'project.notOpen',
      'Another running studio has changed this project. Open it again to go on with its state.',
    );
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #cutRemains(): Promise<void> {
    await this.#handle.truncate(this.#length);
    this.#hasRemains = false;
  }
}
