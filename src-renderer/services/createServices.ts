import type { Capabilities } from '#common/contract/capabilities';
import type { HostClient } from '#common/contract/hostClient';
import { CommandService } from '$services/commands.svelte';
import type { ConnectionService } from '$services/connection.svelte';
import type { Services } from '$services/context';
import { ExportAvatarService } from '$services/exportAvatar.svelte';
import { ExpressionService } from '$services/expressions.svelte';
import { FileService } from '$services/files.svelte';
import { ImportPortraitService } from '$services/importPortrait.svelte';
import { JobService } from '$services/jobs.svelte';
import { LibraryService } from '$services/library.svelte';
import { LookService } from '$services/looks.svelte';
import { NoticeService } from '$services/notices.svelte';
import { PlaybackService } from '$services/playback.svelte';
import { ProjectService } from '$services/project.svelte';
import { QuestionService } from '$services/questions.svelte';
import { SettingsService } from '$services/settings.svelte';
import { ViewService } from '$services/view.svelte';

export interface ServiceFoundation {
  readonly client: HostClient;
  readonly connection: ConnectionService;
  readonly capabilities: Capabilities;
  /** `navigator.platform`. */
  readonly platform: string;
}

/** Builds every service once, by hand and in the order they need each other. */
export function createServices({ client, connection, capabilities, platform }: ServiceFoundation): Services {
  // 1. What everybody talks through.
  const notices = new NoticeService({ runCommand: (id) => void commands.run(id) });
  const questions = new QuestionService();
  const commands = new CommandService({ notices, platform });
  const settings = new SettingsService({ client, notices });
  const jobs = new JobService(client, connection);
  const files = new FileService({ client, capabilities, settings, notices, questions });

  // 2. What is open.
  const project = new ProjectService({ client, connection, notices, questions, files });
  const playback = new PlaybackService({ client, notices, project });
  const view = new ViewService({ project, playback, settings, notices });
  const expressions = new ExpressionService({ project, playback, notices, view });

  // 3. What comes in and goes out.
  const library = new LibraryService({ client, notices });
  const looks = new LookService({ client, jobs, notices, project });
  const openAvatar = project.create.bind(project);
  const importPortrait = new ImportPortraitService({ client, notices, jobs, library, openAvatar });
  const exportAvatar = new ExportAvatarService({
    client,
    capabilities,
    project,
    playback,
    files,
    jobs,
    settings,
  });

  connection.onReconnect(() => void library.refresh());
  return {
    client,
    capabilities,
    connection,
    notices,
    questions,
    jobs,
    settings,
    library,
    looks,
    importPortrait,
    files,
    commands,
    project,
    playback,
    view,
    expressions,
    exportAvatar,
  };
}
