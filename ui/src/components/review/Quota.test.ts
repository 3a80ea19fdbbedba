import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { fakeHost } from '../../lib/host/fake';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { settings } from '../../lib/testing';
import Quota from './Quota.svelte';

afterEach(cleanup);

const row = (key: string, reviews: number) => ({
  key,
  question: '',
  reviews,
  scored: reviews,
  average: 80,
  lowest: 70,
  highest: 90,
  fatal: 0,
});

it('says what each lacks this month, and has a sample drawn of those who lack some', async () => {
  const host = fakeHost({
    asks: { review_report: () => [row('Ana', 8), row('Bruno', 5)], disposition_names: () => [] },
  });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings({ monthlyReviews: 8 });
  const onsample = vi.fn();
  const reports = signedIn.panels.reports();
  render(Quota, { signedIn, reports, judged: ['Ana', 'Bruno', 'Carla'], onsample });
  await vi.waitFor(() => expect(screen.getByTestId('quota').dataset.missing).toBe('11'));
  const lacking = screen.getAllByTestId('quota-person').map((one) => one.textContent?.trim());
  expect(lacking).toEqual(['Carla0 / 8', 'Bruno5 / 8']);
  await fireEvent.click(screen.getByTestId('quota-sample'));
  expect(onsample).toHaveBeenCalledWith({ people: ['Carla', 'Bruno'], each: { Carla: 8, Bruno: 3 } });
});
