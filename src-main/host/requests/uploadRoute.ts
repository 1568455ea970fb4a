import { AppError } from '#common/contract/errors';
import { respondWithJson } from '#host/requests/respond';
import type { UploadStore } from '#host/uploads/uploadStore';
import { tooLarge } from '#host/uploads/uploadStore';

/**
 * `POST /uploads`: the body is the file, `x-file-name` its name, percent-encoded. The header must be there: no
 * other site can send one without asking first, and nobody answers that.
 *
 * @throws AppError as `UploadStore.receive`, and `contract.invalidParams`
 */
export async function receiveUpload(request: Request, uploads: UploadStore): Promise<Response> {
  const declared = request.headers.get('content-length');
  const name = request.headers.get('x-file-name');
  try {
    if (declared !== null && Number(declared) > uploads.largest) throw tooLarge(uploads.largest);
    if (name === null) {
      throw new AppError('contract.invalidParams', 'An upload needs the header x-file-name.', {
        details: { field: 'x-file-name' },
      });
    }
  } catch (error) {
    await request.body?.cancel().catch(() => undefined);
    throw error;
  }
  const { uploadId } = await uploads.receive(request.body, decodeName(name));
  return respondWithJson(201, { uploadId });
}

/** Header values are bytes of Latin-1, so names come percent-encoded; one that is not is taken as it is. */
function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
