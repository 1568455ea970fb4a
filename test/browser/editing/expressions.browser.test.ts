import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { openStudioPart } from '#test/helpers/openStudioPart';
import ExpressionsPanel from '$features/expressions/ExpressionsPanel.svelte';

test('saves the shown pose under a name, renames it and deletes it with a way back', async () => {
  const { screen, services } = await openStudioPart(ExpressionsPanel);
  const { project } = services;
  project.edit('Open', (document) => ({ ...document, pose: { jawOpen: 0.5, cheekPuff: 0 } }));
  await screen.getByRole('button', { name: 'Save pose' }).click();
  await expect.element(screen.getByRole('textbox', { name: 'Name' })).toHaveFocus();
  await userEvent.keyboard('Oh{Enter}');
  expect(project.document?.expressions).toMatchObject([{ name: 'Oh', values: { jawOpen: 0.5 } }]);

  const card = screen.getByRole('button', { name: 'Apply Oh' });
  card.element().focus();
  await userEvent.keyboard('{F2}Ooh{Enter}');
  expect(project.document?.expressions.map(({ name }) => name)).toEqual(['Ooh']);

  screen.getByRole('button', { name: 'Apply Ooh' }).element().focus();
  await userEvent.keyboard('{Delete}');
  expect(project.document?.expressions).toEqual([]);
  services.notices.shown.at(-1)?.action?.run();
  expect(project.document?.expressions.map(({ name }) => name)).toEqual(['Ooh']);
});

test('mixes an expression in from the same pose however often the slider moves', async () => {
  const { screen, services } = await openStudioPart(ExpressionsPanel);
  const { project, expressions } = services;
  project.edit('Open', (document) => ({ ...document, pose: { mouthPucker: 0.1, jawOpen: 1 } }));
  const slider = screen.getByRole('slider', { name: 'Mix in Kiss' });
  await slider.fill('1');
  await slider.fill('0.5');
  expect(project.document?.pose).toMatchObject({ mouthPucker: 0.5, jawOpen: 1 });
  expect(expressions.amountOf('starter-kiss')).toBe(0.5);
  expect(project.history.undoLabel).toBe('Blend in “Kiss”');
  project.undo();
  project.undo();
  expect(project.document?.pose).toEqual({ mouthPucker: 0.1, jawOpen: 1 });
  expect(expressions.amountOf('starter-kiss')).toBe(0);
});

test('puts a starter on without turning the head back', async () => {
  const { screen, services } = await openStudioPart(ExpressionsPanel);
  services.project.edit('Turn', (document) => ({ ...document, pose: { 'head.yaw': 20, jawOpen: 1 } }));
  await screen.getByRole('button', { name: 'Apply Neutral' }).click();
  expect(services.project.document?.pose).toEqual({ 'head.yaw': 20 });
});
