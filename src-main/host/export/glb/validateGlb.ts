// The test program compiles this file without the folder, so the declaration must come along.
// eslint-disable-next-line @typescript-eslint/triple-slash-reference
/// <reference path="./gltfValidatorTypes.d.ts" />
import { validateBytes } from 'gltf-validator';
import { AppError } from '#common/contract/errors';

/** What the Khronos validator found; hints and remarks do not stop an export. */
export interface GlbValidation {
  readonly validator: string;
  readonly errors: number;
  readonly warnings: number;
  readonly remarks: readonly string[];
}

/** Runs the Khronos validator over a whole file. Throws `export.invalidGltf` for any error or warning. */
export async function validateGlb(bytes: Uint8Array): Promise<GlbValidation> {
  const report = await validateBytes(bytes, { format: 'glb', maxIssues: 100, writeTimestamp: false });
  const { numErrors, numWarnings, messages } = report.issues;
  const lines = messages.map(({ code, message, pointer }) => `${code}: ${message} (${pointer ?? 'file'})`);
  if (numErrors + numWarnings > 0) {
    throw new AppError(
      'export.invalidGltf',
      `The GLB has ${numErrors} errors and ${numWarnings} warnings, first: ${lines[0] ?? 'unnamed'}. It was not kept.`,
      { details: { issues: lines.slice(0, 20) } },
    );
  }
  return {
    validator: report.validatorVersion,
    errors: numErrors,
    warnings: numWarnings,
    remarks: [...new Set(lines)],
  };
}
