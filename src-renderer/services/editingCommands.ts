import { releasePoseValues, resetPose, setPoseValues } from '#common/project/documentEdits';
import type { Command } from '$services/commands.svelte';
import type { Services } from '$services/context';
import { PoseClipboard } from '$services/pose/PoseClipboard';
import { mirrorPose } from '$services/pose/poseValues';

type EditingServices = Pick<Services, 'project' | 'playback' | 'notices' | 'exportAvatar' | 'expressions'>;

/** What can be done to the open project: pose, playback, expressions and export. */
export function editingCommands(services: EditingServices): readonly Command[] {
  return [...poseCommands(services), ...playbackCommands(services), ...exportCommands(services)];
}

function poseCommands({ project, notices }: EditingServices): Command[] {
  const clipboard = new PoseClipboard();
  const hasPose = (): boolean => Object.keys(project.document?.pose ?? {}).length > 0;
  return [
    {
      id: 'pose.reset',
      title: 'Reset pose',
      isEnabled: hasPose,
      run: () => project.edit('Reset pose', resetPose),
    },
    {
      id: 'pose.mirror',
      title: 'Mirror pose',
      keys: ['Mod+M'],
      isEnabled: hasPose,
      run: () =>
        project.edit('Mirror pose', (document) => ({ ...document, pose: mirrorPose(document.pose) })),
    },
    {
      id: 'pose.copy',
      title: 'Copy pose',
      keys: ['Mod+C'],
      // Text that is marked somewhere in the window is what Ctrl+C means then.
      isEnabled: () => hasPose() && (getSelection()?.isCollapsed ?? true),
      run: async () => {
        await clipboard.write(project.document?.pose ?? {});
        notices.info('Pose copied, as text that the command line takes as well.');
      },
    },
    {
      id: 'pose.paste',
      title: 'Paste pose',
      keys: ['Mod+V'],
      isEnabled: () => project.document !== undefined,
      run: async () => {
        const pose = await clipboard.read();
        if (pose === undefined) {
          notices.info('There is no pose to paste. Copy one first.');
          return;
        }
        project.edit('Paste pose', (document) =>
          setPoseValues(releasePoseValues(document, Object.keys(document.pose)), pose),
        );
      },
    },
  ];
}

function playbackCommands({ playback }: EditingServices): Command[] {
  const hasClip = (): boolean => playback.clip !== undefined;
  const step = (id: string, title: string, key: string, run: () => void): Command => ({
    id: `playback.${id}`,
    title,
    keys: [key],
    isEnabled: hasClip,
    run,
  });
  return [
    step('toggle', 'Play or pause', 'Space', () => playback.toggle()),
    step('previousFrame', 'Previous frame', 'Left', () => playback.stepFrames(-1)),
    step('nextFrame', 'Next frame', 'Right', () => playback.stepFrames(1)),
    step('back', 'Back ten frames', 'Shift+Left', () => playback.stepFrames(-10)),
    step('forward', 'Forward ten frames', 'Shift+Right', () => playback.stepFrames(10)),
    step('start', 'Go to the first frame', 'Home', () => playback.seek(0)),
    step('end', 'Go to the last frame', 'End', () => playback.seekEnd()),
    {
      id: 'playback.loop',
      title: 'Loop on or off',
      keys: ['L'],
      isEnabled: () => playback.preset !== undefined,
      run: () => playback.setLooping(!playback.isLooping),
    },
  ];
}

function exportCommands({ project, exportAvatar, expressions }: EditingServices): Command[] {
  const isOpen = (): boolean => project.document !== undefined;
  return [
    {
      id: 'export.open',
      title: 'Export…',
      keys: ['Mod+E'],
      isEnabled: isOpen,
      run: () => exportAvatar.open(),
    },
    { id: 'export.glb', title: 'Export 3D model…', isEnabled: isOpen, run: () => exportAvatar.open('glb') },
    { id: 'export.video', title: 'Export video…', isEnabled: isOpen, run: () => exportAvatar.open('video') },
    {
      id: 'export.still',
      title: 'Export picture…',
      isEnabled: isOpen,
      run: () => exportAvatar.open('still'),
    },
    {
      id: 'export.frames',
      title: 'Export frames…',
      isEnabled: isOpen,
      run: () => exportAvatar.open('frames'),
    },
    {
      id: 'expression.save',
      title: 'Save pose as expression',
      isEnabled: isOpen,
      run: () => expressions.save(expressions.suggestName()),
    },
  ];
}
