import type { Command } from '$services/commands.svelte';
import type { Services } from '$services/context';
import type { CameraControl } from '$features/viewport/CameraControl';
import { KEY_STEP_DEGREES, KEY_ZOOM } from '$features/viewport/CameraControl';
import { VIEW_MODES } from '$features/viewport/viewModes';

/** The viewport's commands: for the palette, the desktop menu and the keys that hold anywhere in the window. */
export function viewCommands(
  { view, project }: Pick<Services, 'view' | 'project'>,
  camera: CameraControl,
): readonly Command[] {
  const isEnabled = (): boolean => project.document !== undefined;
  const orbit = (id: string, title: string, yawDegrees: number, pitchDegrees: number): Command => ({
    id: `view.${id}`,
    title,
    isEnabled,
    run: () => camera.step({ yawDegrees, pitchDegrees, zoom: 1 }),
  });
  const zoom = (id: string, title: string, keys: readonly string[], factor: number): Command => ({
    id: `view.${id}`,
    title,
    keys,
    isEnabled,
    run: () => camera.step({ yawDegrees: 0, pitchDegrees: 0, zoom: factor }),
  });
  return [
    ...VIEW_MODES.map(({ id, name }, index) => ({
      id: `view.${id}`,
      title: `Show ${name === 'UV' ? name : name.toLowerCase()}`,
      keys: [String(index + 1)],
      isEnabled,
      run: () => view.update({ mode: id }),
    })),
    {
      id: 'view.background',
      title: 'Show or hide the background',
      keys: ['B'],
      isEnabled,
      run: () => view.update({ isBackgroundVisible: !view.settings.isBackgroundVisible }),
    },
    {
      id: 'view.overlay',
      title: 'Lay the portrait over the avatar, or take it away',
      keys: ['O'],
      isEnabled,
      run: () => view.update({ overlay: view.settings.overlay > 0 ? 0 : 0.5 }),
    },
    {
      id: 'view.asInPortrait',
      title: 'Show the avatar as in the portrait, or as posed',
      keys: ['P'],
      isEnabled,
      run: () => view.showAsInPortrait(!view.isAsInPortrait),
    },
    {
      id: 'view.safeCone',
      title: 'Show or hide the safe camera angles',
      keys: ['G'],
      isEnabled,
      run: () => view.update({ isSafeConeVisible: !view.settings.isSafeConeVisible }),
    },
    orbit('orbitLeft', 'Orbit left', -KEY_STEP_DEGREES, 0),
    orbit('orbitRight', 'Orbit right', KEY_STEP_DEGREES, 0),
    orbit('orbitUp', 'Orbit up', 0, KEY_STEP_DEGREES),
    orbit('orbitDown', 'Orbit down', 0, -KEY_STEP_DEGREES),
    zoom('zoomIn', 'Zoom in', ['Plus', '='], KEY_ZOOM),
    zoom('zoomOut', 'Zoom out', ['-'], 1 / KEY_ZOOM),
    { id: 'view.resetCamera', title: 'Reset the camera', keys: ['0'], isEnabled, run: () => camera.reset() },
  ];
}
