import type { PoseValues } from '#common/project/studioDocument';

/** How the viewport shows the document. */
export class ViewService {
  thumbnail(values: PoseValues, size: number): Promise<Blob> {
    return Promise.reject(new Error(`No viewport yet for ${Object.keys(values).length} values at ${size}.`));
  }
}
