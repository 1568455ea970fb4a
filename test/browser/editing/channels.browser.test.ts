import { describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { openStudioPart } from '#test/helpers/openStudioPart';
import type { OpenedPart } from '#test/helpers/openStudioPart';
import ChannelsPanel from '$features/channels/ChannelsPanel.svelte';

function sliderNamed(name: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(`[role="slider"][aria-label="${name}"]`);
  if (found === null) throw new Error(`There is no slider "${name}".`);
  return found;
}

/** Drags from where the slider's thumb may be to a place along its track, in several moves. */
async function drag(slider: HTMLElement, to: number, look: () => void = () => undefined): Promise<void> {
  slider.scrollIntoView({ block: 'center' });
  const box = slider.getBoundingClientRect();
  const at = (part: number): PointerEventInit => ({
    pointerId: 1,
    bubbles: true,
    button: 0,
    clientX: box.left + box.width * part,
    clientY: box.top + box.height / 2,
  });
  // A made-up pointer cannot be captured.
  slider.setPointerCapture = () => undefined;
  slider.dispatchEvent(new PointerEvent('pointerdown', at(0)));
  for (let step = 1; step <= 4; step++) {
    slider.dispatchEvent(new PointerEvent('pointermove', at((to * step) / 4)));
    await Promise.resolve();
    look();
  }
  slider.dispatchEvent(new PointerEvent('pointerup', at(to)));
}

async function journalOf({ host, services }: OpenedPart): Promise<string[]> {
  await expect.poll(() => services.project.saveState).toBe('saved');
  return host.records.map((record) => (record.kind === 'edit' ? record.entry.label : record.kind));
}

describe('the channels panel', () => {
  test('shows every place of a drag and keeps one step of it', async () => {
    const part = await openStudioPart(ChannelsPanel);
    const seen: (number | undefined)[] = [];
    const { project } = part.services;
    await drag(sliderNamed('Jaw open'), 0.8, () => seen.push(project.document?.pose['jawOpen']));
    expect(seen).toEqual([0.2, 0.4, 0.6, 0.8]);
    expect(await journalOf(part)).toEqual(['Move jaw open']);
    project.undo();
    expect(project.document?.pose).toEqual({});
    expect(await journalOf(part)).toEqual(['Move jaw open', 'undo']);
    expect(part.host.project.document).toEqual(project.document);
  });

  test('moves both sides while they are linked, and each alone when not', async () => {
    const part = await openStudioPart(ChannelsPanel);
    const { project } = part.services;
    await drag(sliderNamed('Smile'), 0.5);
    expect(project.document?.pose).toEqual({ mouthSmileLeft: 0.5, mouthSmileRight: 0.5 });
    await part.screen.getByRole('button', { name: 'Link left and right' }).click();
    await drag(sliderNamed('Smile, left'), 1);
    expect(project.document?.pose).toEqual({ mouthSmileLeft: 1, mouthSmileRight: 0.5 });
    expect(await journalOf(part)).toEqual(['Move smile', 'Move smile, left']);
  });

  test('brings sides that differ together with the first linked drag', async () => {
    const part = await openStudioPart(ChannelsPanel);
    const { project } = part.services;
    project.edit('Wink', (document) => ({ ...document, pose: { eyeBlinkLeft: 1 } }));
    await expect.element(part.screen.getByRole('slider', { name: 'Blink, right' })).toBeInTheDocument();
    await drag(sliderNamed('Blink, right'), 0.5);
    expect(project.document?.pose).toEqual({ eyeBlinkLeft: 0.5, eyeBlinkRight: 0.5 });
  });

  test('merges key presses, and lets go of a value on reset', async () => {
    const part = await openStudioPart(ChannelsPanel);
    const { project } = part.services;
    sliderNamed('Head turn').focus();
    await userEvent.keyboard('{ArrowRight}{ArrowRight}{Shift>}{ArrowRight}{/Shift}');
    expect(project.document?.pose).toEqual({ 'head.yaw': 6 });
    expect(project.history.entries.map(({ label }) => label)).toEqual(['Move head turn']);
    await userEvent.keyboard('{Delete}');
    expect(project.document?.pose).toEqual({});
    expect(await journalOf(part)).toHaveLength(4);
  });

  test('gives a drag up with Escape without a trace', async () => {
    const part = await openStudioPart(ChannelsPanel);
    const { project } = part.services;
    const slider = sliderNamed('Jaw open');
    await drag(slider, 0.8, () => {
      if (project.document?.pose['jawOpen'] === 0.4) {
        slider.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
      }
    });
    expect(project.document?.pose).toEqual({});
    expect(await journalOf(part)).toEqual([]);
  });

  test('solos a region and adds a channel with Shift', async () => {
    const { screen, services } = await openStudioPart(ChannelsPanel);
    await screen.getByRole('button', { name: 'Solo Tongue', exact: true }).click();
    expect([...services.view.soloTargets]).toEqual(['tongueOut']);
    const jaw = screen
      .getByRole('button', { name: 'Solo Jaw open', exact: true, includeHidden: true })
      .element();
    jaw.dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey: true }));
    expect([...services.view.soloTargets]).toEqual(['tongueOut', 'jawOpen']);
    sliderNamed('Blink').focus();
    await userEvent.keyboard('s');
    expect([...services.view.soloTargets]).toEqual(['eyeBlinkLeft', 'eyeBlinkRight']);
    await screen.getByRole('button', { name: 'Clear solo' }).click();
    expect(services.view.soloTargets.size).toBe(0);
  });

  test('turns both eyes with the pad in one step', async () => {
    const part = await openStudioPart(ChannelsPanel);
    const pad = sliderNamed('Gaze pad');
    await drag(pad, 0.75);
    expect(part.services.project.document?.pose).toEqual({ 'gaze.yaw': 20, 'gaze.pitch': 0 });
    expect(await journalOf(part)).toEqual(['Move gaze']);
  });

  test('finds channels by name and says so where there is none', async () => {
    const { screen } = await openStudioPart(ChannelsPanel);
    const search = screen.getByRole('searchbox', { name: 'Search channels' });
    await search.fill('mouthSmile');
    const names = [...document.querySelectorAll('[role="slider"]')].map((one) =>
      one.getAttribute('aria-label'),
    );
    expect(names).toEqual(['Smile']);
    await search.fill('tail');
    await expect.element(screen.getByText('No channel is called that')).toBeVisible();
  });

  test('keeps editing while the host is away and writes everything when it is back', async () => {
    const part = await openStudioPart(ChannelsPanel);
    const { host, services } = part;
    host.setState('lost');
    await drag(sliderNamed('Jaw open'), 0.5);
    await drag(sliderNamed('Jaw open'), 1);
    await expect.poll(() => services.project.saveState).toBe('offline');
    expect(host.records).toEqual([]);
    host.setState('open');
    expect(await journalOf(part)).toEqual(['Move jaw open', 'Move jaw open']);
    expect(host.project.document).toEqual(services.project.document);
  });
});
