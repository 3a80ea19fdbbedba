import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { fakeHost, watches } from '../../lib/host/fake';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { settings } from '../../lib/testing';
import RecordingName from './RecordingName.svelte';

afterEach(cleanup);

it('shows what a pattern comes to, and keeps the name of before where something in it is nothing', async () => {
  const host = fakeHost({
    asks: {
      settings_change: ({ parts }) => settings(parts),
      recording_names: ({ pattern }) => ({
        example: `${pattern.replace('{agent}', 'Ana')}.wav`,
        unknown: pattern.includes('{who}') ? ['who'] : [],
        unclosed: false,
        known: ['date', 'agent'],
      }),
    },
    streams: watches,
  });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings({ recordingNames: '{agent}' });
  render(RecordingName, { signedIn });
  const field = screen.getByTestId<HTMLInputElement>('recording-names');
  await screen.findByText('For example: Ana.wav');
  const type = async (value: string) => {
    await fireEvent.input(field, { target: { value } });
    await fireEvent.change(field);
  };
  await type('{who} {agent}');
  expect((await screen.findByTestId('recording-names-bad')).textContent).toContain('{who}');
  expect(signedIn.settings.value.recordingNames).toBe('{agent}');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  await type('QA {agent}');
  await vi.waitFor(() => expect(signedIn.settings.value?.recordingNames).toBe('QA {agent}'));
  await screen.findByText('For example: QA Ana.wav');
  expect(screen.queryByTestId('recording-names-bad')).toBeNull();
  await fireEvent.click(screen.getByTestId('recording-names-usual'));
  await vi.waitFor(() => expect(signedIn.settings.value?.recordingNames).toBe('{date} {time} {agent}'));
  expect(screen.queryByTestId('recording-names-usual')).toBeNull();
});
