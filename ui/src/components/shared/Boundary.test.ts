import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import en from '../../../messages/en.json';
import { fakeHost, taken, watches } from '../../lib/host/fake';
import { App } from '../../lib/state/app.svelte';
import { Breakage, breakage } from '../../lib/state/breakage.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { agent, campaign, settings, snapshot } from '../../lib/testing';
import Floor from '../../views/Floor.svelte';
import BrokenNotice from './BrokenNotice.svelte';

let written: string[] = [];

beforeEach(() => {
  written = [];
  vi.spyOn(console, 'error').mockImplementation((details) => void written.push(details));
  // Rows are drawn where there is room for them.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(400);
});
afterEach(() => {
  cleanup();
  breakage.dismiss();
  vi.restoreAllMocks();
});

it('keeps the rest of the floor alive when the campaigns break, says what broke, and tries again', async () => {
  const logged: string[] = [];
  const window_broke = ({ details }: { details: string }) => (logged.push(details), null);
  const host = fakeHost({ asks: { floor_visible: taken, window_broke }, streams: watches });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings();
  await signedIn.floor.start();
  let sick = true;
  const broken = campaign();
  Object.defineProperty(broken, 'waitingTrend', {
    get: () => {
      if (sick) throw new Error('no trend');
      return [];
    },
  });
  const shows = (name: string, revision: number) =>
    host.emit('floor_watch', {
      kind: 'snapshot',
      snapshot: snapshot({ revision, campaigns: [broken], agents: [agent({ name })] }),
    });
  shows('Lucía Pereira', 1);
  render(Floor, { signedIn });

  const said = await screen.findByTestId('broke');
  expect(said.dataset.part).toBe('campaigns');
  expect(said.textContent).toContain('no trend');
  expect(written).toEqual([expect.stringMatching(/^campaigns: Error: no trend\n/)]);
  expect(logged, 'the log has it too').toEqual(written);
  // The agents beside it live on.
  await vi.waitFor(() => expect(screen.getByTestId('agent-row').textContent).toContain('Lucía Pereira'));
  shows('Ana Sosa', 2);
  await vi.waitFor(() => expect(screen.getByTestId('agent-row').textContent).toContain('Ana Sosa'));

  const copied = vi.fn(() => Promise.resolve());
  vi.stubGlobal('navigator', { clipboard: { writeText: copied } });
  await fireEvent.click(screen.getByTestId('copy-details'));
  expect(copied).toHaveBeenCalledWith(written[0]);
  await screen.findByText(en.details_copied);

  sick = false;
  await fireEvent.click(screen.getByTestId('broke-again'));
  await vi.waitFor(() => expect(screen.getByTestId('campaign-row')).toBeTruthy());
  expect(screen.queryByTestId('broke')).toBeNull();
});

it('says once, in a notice that can be put away, what no panel caught', async () => {
  const deaf = breakage.listen();
  render(BrokenNotice);
  const rejects = (reason: unknown) => {
    dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason }));
    return tick();
  };
  await rejects({ code: 'timeout', params: {}, retryable: true });
  expect(screen.getByTestId('broken-notice').textContent).toContain(en.problem_timeout);
  await fireEvent.click(screen.getByTestId('broken-notice-close'));
  expect(screen.queryByTestId('broken-notice')).toBeNull();
  await rejects({ code: 'timeout', params: {}, retryable: true });
  expect(screen.queryByTestId('broken-notice')).toBeNull();
  expect(written).toHaveLength(1);

  dispatchEvent(new ErrorEvent('error', { message: 'ResizeObserver loop limit exceeded' }));
  await tick();
  expect(screen.queryByTestId('broken-notice')).toBeNull();
  dispatchEvent(new ErrorEvent('error', { message: 'x', error: new Error('x is not there') }));
  await tick();
  expect(screen.getByTestId('broken-notice').textContent).toContain('x is not there');
  deaf();
});

it('does not fill the log', () => {
  const breaks = new Breakage();
  const lines = vi.spyOn(breaks, 'write').mockImplementation(() => undefined);
  for (let n = 0; n < 300; n += 1) breaks.tell('agents', `row ${n}`);
  expect(lines).toHaveBeenCalledTimes(100);
});
