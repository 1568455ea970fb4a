/** Exports of the open project. */
export class ExportAvatarService {}
