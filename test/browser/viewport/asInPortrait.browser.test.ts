import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { setPoseValue } from '#common/project/documentEdits';
import type { OpenedPart } from '#test/helpers/openStudioPart';
import { openStudioPart } from '#test/helpers/openStudioPart';
import ViewportPanel from '$features/viewport/ViewportPanel.svelte';

/** The viewport with the sample Ada; the fake host's project names her files. */
async function openPanel(): Promise<OpenedPart> {
  const part = await openStudioPart(ViewportPanel);
  await expect.poll(() => part.services.view.avatar, { timeout: 20_000 }).toBeDefined();
  return part;
}

test('shows the avatar as in the portrait while the overlay is seen', async () => {
  const { screen, services } = await openPanel();
  const { view, project } = services;
  const toggle = screen.getByRole('button', { name: 'As in the portrait' });
  await expect.element(toggle).toHaveAttribute('aria-pressed', 'false');
  const posed = view.shownFrame();
  const overlay = screen.getByRole('slider', { name: 'Portrait' });
  const pressOnOverlay = async (key: string): Promise<void> => {
    // As by Tab; a press of the toggle has taken the focus.
    (overlay.element() as HTMLElement).focus();
    await userEvent.keyboard(key);
  };

  await pressOnOverlay('{End}');
  await expect.element(toggle).toHaveAttribute('aria-pressed', 'true');
  expect(view.shownFrame()).toEqual({
    pose: view.avatar?.source.pose,
    camera: view.avatar?.source.camera,
  });

  // The artist's word holds as long as the overlay is seen.
  await toggle.click();
  await pressOnOverlay('{ArrowLeft}');
  await expect.element(toggle).toHaveAttribute('aria-pressed', 'false');
  expect(view.shownFrame()).toEqual(posed);
  await pressOnOverlay('{Home}');
  await pressOnOverlay('{End}');
  await expect.element(toggle).toHaveAttribute('aria-pressed', 'true');
  await pressOnOverlay('{Home}');
  await expect.element(toggle).toHaveAttribute('aria-pressed', 'false');
  // It is a way of looking, not an edit.
  expect(project.history.entries).toEqual([]);
});

test('ends with the first move, which would else not be seen', async () => {
  const { services } = await openPanel();
  const { view, project } = services;
  view.showAsInPortrait(true);
  await expect.poll(() => view.isAsInPortrait).toBe(true);
  project.edit('Open', (document) => setPoseValue(document, 'jawOpen', 0.5));
  await expect.poll(() => view.isAsInPortrait).toBe(false);
  view.showAsInPortrait(true);
  view.setSolo(['jawOpen']);
  await expect.poll(() => view.isAsInPortrait).toBe(false);
});

test('offers the portrait’s own expression as a starter', async () => {
  const { services } = await openPanel();
  const { view, project, expressions } = services;
  project.edit('Open', (document) => setPoseValue(document, 'jawOpen', 1));
  expect(expressions.starters[0].name).toBe('Portrait');
  expressions.apply(expressions.starters[0].id);
  expect(project.history.undoLabel).toBe('Apply “Portrait”');
  const { pose } = view.avatar!.source;
  const shown = view.shownFrame()!.pose;
  expect(shown.head.pitch).toBeCloseTo(pose.head.pitch, 4);
  expect(shown.head.yaw).toBeCloseTo(pose.head.yaw, 4);
  for (const [channel, weight] of pose.weights.entries()) {
    expect(shown.weights[channel]).toBeCloseTo(weight, 3);
  }
  project.undo();
  expect(project.document?.pose).toEqual({ jawOpen: 1 });
});
