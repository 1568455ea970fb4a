import { afterEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { openStudioPart } from '#test/helpers/openStudioPart';
import type { OpenedPart } from '#test/helpers/openStudioPart';
import TransportBar from '$features/transport/TransportBar.svelte';
import { editingCommands } from '$services/editingCommands';
import { PlaybackService } from '$services/playback.svelte';

const NOD = {
  format: 'avatarartist-motion',
  version: 1,
  name: 'Nod',
  loop: true,
  durationSeconds: 2,
  tracks: { 'head.pitch': [[0, 0], [1, 20], [2, 0]] },
}; // prettier-ignore

afterEach(() => vi.restoreAllMocks());

/** The page fetches its motions from its host; here that is the test's own answer. */
async function openTransport(): Promise<OpenedPart> {
  vi.spyOn(window, 'fetch').mockImplementation(() => Promise.resolve(Response.json(NOD)));
  const part = await openStudioPart(TransportBar);
  await expect.poll(() => part.services.playback.motions.length).toBe(1);
  part.services.playback.choose('nod');
  await expect.poll(() => part.services.playback.durationSeconds).toBe(2);
  return part;
}

describe('the transport', () => {
  test('makes the motion a step of the history and its time none', async () => {
    const { services, host } = await openTransport();
    expect(services.project.history.entries.map(({ label }) => label)).toEqual(['Choose motion Nod']);
    services.playback.seek(1);
    services.playback.setLooping(false);
    await expect.poll(() => host.records.length).toBe(2);
    services.project.undo();
    expect(services.playback.isLooping).toBe(true);
    services.project.undo();
    await expect.poll(() => services.playback.clip).toBeUndefined();
  });

  test('scrubs by keyboard in whole frames', async () => {
    const { services, screen } = await openTransport();
    const bar = screen.getByRole('slider', { name: 'Playhead' });
    bar.element().focus();
    await userEvent.keyboard('{ArrowRight}{ArrowRight}{Shift>}{ArrowRight}{/Shift}{ArrowLeft}');
    expect(services.playback.frame).toBe(11);
    await expect.element(bar).toHaveAttribute('aria-valuetext', 'Frame 11 of 59, 0.37 seconds');
    await userEvent.keyboard('{End}');
    expect(services.playback.frame).toBe(59);
    await userEvent.keyboard('{Home}');
    expect(services.playback.frame).toBe(0);
    expect(services.project.history.entries).toHaveLength(1);
  });

  test('scrubs with the pointer to the frame under it', async () => {
    const { services, screen } = await openTransport();
    const bar = screen.getByRole('slider', { name: 'Playhead' }).element() as HTMLElement;
    bar.setPointerCapture = () => undefined;
    const box = bar.getBoundingClientRect();
    const at = (part: number): PointerEventInit => ({
      bubbles: true,
      button: 0,
      clientX: box.left + box.width * part,
    });
    bar.dispatchEvent(new PointerEvent('pointerdown', at(0)));
    bar.dispatchEvent(new PointerEvent('pointermove', at(0.5)));
    bar.dispatchEvent(new PointerEvent('pointerup', at(0.5)));
    expect(services.playback.frame).toBe(Math.round(0.5 * 59));
  });

  test('plays by the clock and stops at the end without a loop', async () => {
    const { services } = await openTransport();
    const ticks: ((milliseconds: number) => void)[] = [];
    const playback = new PlaybackService({
      client: services.client,
      notices: services.notices,
      project: services.project,
      fetchMotion: () => Promise.resolve(NOD),
      clock: (callback) => {
        ticks.push(callback);
        return () => undefined;
      },
    });
    services.project.edit('Play once', (document) => ({
      ...document,
      motion: { preset: 'nod', loop: false },
    }));
    await expect.poll(() => playback.durationSeconds).toBe(2);
    playback.play();
    for (const clock of [0, 500, 1000]) ticks.shift()?.(clock);
    expect([playback.frame, playback.isPlaying]).toEqual([30, true]);
    ticks.shift()?.(9000);
    expect([playback.frame, playback.isPlaying, ticks.length]).toEqual([60, false, 0]);
    expect([playback.timeSeconds, playback.clip?.loop]).toEqual([2, false]);
  });

  test('leaves Space to play and pause after a motion was chosen', async () => {
    const { services, screen } = await openTransport();
    services.playback.choose(undefined);
    await screen
      .getByRole('combobox')
      .or(screen.getByRole('button', { name: 'Motion' }))
      .click();
    await page.getByRole('option', { name: /Nod/ }).click();
    await expect.element(screen.getByRole('button', { name: 'Pause' })).toHaveFocus();
    await userEvent.keyboard(' ');
    expect(services.playback.isPlaying).toBe(false);
  });

  test('answers its keys from anywhere', async () => {
    const { services } = await openTransport();
    services.commands.register(...editingCommands(services));
    const press = (key: string, init: KeyboardEventInit = {}): boolean =>
      services.commands.handleKey(new KeyboardEvent('keydown', { key, code: key, ...init }));
    press('ArrowRight');
    press('ArrowRight', { shiftKey: true });
    expect(services.playback.frame).toBe(11);
    press(' ');
    expect(services.playback.isPlaying).toBe(true);
    press(' ');
    expect(services.playback.isPlaying).toBe(false);
  });
});
