import type { Services } from '$services/context';
import { ProjectClaims } from '$services/projectClaim';

/**
 * What the window shows first: the work it was left with (a reload, a crash, yesterday), unless another window
 * shows that; on a machine where nothing was made yet a finished avatar, so that there is a face to move before
 * the artist has to choose anything; else the gallery.
 */
export async function startStudio(services: Services): Promise<void> {
  const { library, project } = services;
  const claims = new ProjectClaims(navigator.locks);
  // A project that was opened meanwhile, by a file the system handed over, comes first.
  await library.begin(async () => {
    if (project.current === undefined) await openFirst(services, claims);
  });
  $effect.root(() => {
    $effect(() => claims.hold(project.current?.projectId));
    // Opening, saving as and closing change what there is to go on with.
    let shown = [project.current?.projectId, project.path];
    $effect(() => {
      const next = [project.current?.projectId, project.path];
      const hasChanged = next.some((value, index) => value !== shown[index]);
      shown = next;
      if (hasChanged) void library.refreshProjects();
    });
  });
}

async function openFirst({ library, project }: Services, claims: ProjectClaims): Promise<void> {
  for (const { projectId } of library.unclosed) {
    if (await claims.isHeld(projectId)) continue;
    // A file handed over meanwhile comes first.
    if (project.current !== undefined || project.isBusy) return;
    if (await project.resume(projectId)) return;
  }
  const isFirstRun = library.recent.length === 0 && library.unclosed.length === 0;
  const sample = library.avatars.findLast((avatar) => avatar.problem === undefined);
  if (isFirstRun && sample !== undefined) await project.create(sample.avatarId);
}
