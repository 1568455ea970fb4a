import type { InspectedFile } from '#common/models/modelTasks';
import { openCheckpoint } from '#engine/checkpoints/openCheckpoint';
import { elementCount } from '#engine/checkpoints/tensorEntry';

/** Tensors that are listed; more would be no help and a long message. */
const LISTED = 5000;
const LISTED_NOTES = 200;

/** What a file of weights holds, without loading it. @throws AppError as `openCheckpoint` */
export function inspectFile(path: string): InspectedFile {
  const checkpoint = openCheckpoint(path);
  checkpoint.close();
  const { format, bytes, tensors, skipped, inertClasses, metadata } = checkpoint;
  return {
    format,
    bytes,
    tensorCount: tensors.length,
    parameterCount: tensors.reduce((total, { shape }) => total + elementCount(shape), 0),
    tensors: tensors.slice(0, LISTED).map(({ name, type, shape }) => ({ name, type, shape })),
    skipped: skipped.slice(0, LISTED_NOTES),
    inertClasses: [...inertClasses].slice(0, LISTED_NOTES),
    metadata,
  };
}
