import { createContext } from 'svelte';
import type { HostClient } from '#common/contract/hostClient';
import type { Capabilities } from '#common/contract/capabilities';
import type { CommandService } from '$services/commands.svelte';
import type { ConnectionService } from '$services/connection.svelte';
import type { ExportAvatarService } from '$services/exportAvatar.svelte';
import type { ExpressionService } from '$services/expressions.svelte';
import type { FileService } from '$services/files.svelte';
import type { ImportPortraitService } from '$services/importPortrait.svelte';
import type { JobService } from '$services/jobs.svelte';
import type { LibraryService } from '$services/library.svelte';
import type { LookService } from '$services/looks.svelte';
import type { NoticeService } from '$services/notices.svelte';
import type { PlaybackService } from '$services/playback.svelte';
import type { ProjectService } from '$services/project.svelte';
import type { QuestionService } from '$services/questions.svelte';
import type { SettingsService } from '$services/settings.svelte';
import type { ViewService } from '$services/view.svelte';

/** Everything the page's components may call: one instance each, wired by `createServices`. */
export interface Services {
  readonly client: HostClient;
  readonly capabilities: Capabilities;
  readonly connection: ConnectionService;
  readonly notices: NoticeService;
  readonly questions: QuestionService;
  readonly jobs: JobService;
  readonly settings: SettingsService;
  readonly library: LibraryService;
  readonly looks: LookService;
  readonly importPortrait: ImportPortraitService;
  readonly files: FileService;
  readonly commands: CommandService;
  readonly project: ProjectService;
  readonly playback: PlaybackService;
  readonly view: ViewService;
  readonly expressions: ExpressionService;
  readonly exportAvatar: ExportAvatarService;
}

/** `useServices()` in any component below the one that called `provideServices(services)`. */
export const [useServices, provideServices] = createContext<Services>();
