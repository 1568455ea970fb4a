/** The package ships no types; this is the part that is used. */
declare module 'gltf-validator' {
  export interface ValidationIssue {
    readonly code: string;
    readonly message: string;
    /** 0 error, 1 warning, 2 information, 3 hint. */
    readonly severity: number;
    readonly pointer?: string;
  }
  export interface ValidationReport {
    readonly validatorVersion: string;
    readonly issues: {
      readonly numErrors: number;
      readonly numWarnings: number;
      readonly numInfos: number;
      readonly numHints: number;
      readonly messages: readonly ValidationIssue[];
    };
  }
  export function validateBytes(
    data: Uint8Array,
    options?: {
      readonly format?: 'glb' | 'gltf';
      readonly maxIssues?: number;
      readonly writeTimestamp?: boolean;
    },
  ): Promise<ValidationReport>;
}
