import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { fakeHost, taken, watches } from '../../lib/host/fake';
import type { WebhookChoice, WebhookState, WebhookWords } from '../../lib/host/host';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { settings, webhook } from '../../lib/testing';
import Webhook from './Webhook.svelte';

afterEach(cleanup);

const ADDRESS = 'https://flow.example/triggers/deadbeef';
const refusal = { kind: 'refused' as const, status: 404, said: 'no such flow', why: null };

function shown(choice: Partial<WebhookChoice> = {}, first: Partial<WebhookState> = {}) {
  let now = webhook(first);
  const became = (parts: Partial<WebhookState>) => (now = { ...now, ...parts });
  const host = fakeHost({
    asks: {
      settings_change: ({ parts }) => settings({ ...signedIn.settings.value, ...parts }),
      webhook_state: () => now,
      webhook_words: taken,
      webhook_preview: () => '{ "title": "Rojo" }',
      webhook_address: ({ typed }) => {
        if (!typed.address.startsWith('https://'))
          throw { code: 'webhookUnencrypted', params: {}, retryable: false };
        return became({ host: 'flow.example', kept: true });
      },
      webhook_forget: () => became({ host: null, kept: false }),
      webhook_test: () => became({ last: { atMs: 0, outcome: refusal, test: true } }),
      webhook_resume: () => became({ stopped: false }),
    },
    streams: watches,
  });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings({ webhook: { ...settings().webhook, ...choice } });
  render(Webhook, { signedIn });
  return { host, signedIn };
}

const words = (host: { asked(name: 'webhook_words'): { words: WebhookWords }[] }) =>
  host.asked('webhook_words').at(-1)?.words;

it('takes an address once, shows no more than its host, and lets it go', async () => {
  const { host } = shown({ on: true });
  const field = () => screen.getByTestId<HTMLInputElement>('webhook-address');
  await screen.findByText(/no address/i);
  expect(field().type).toBe('password');
  expect(screen.getByTestId('webhook-keep').getAttribute('aria-disabled')).toBe('true');
  expect(screen.getByTestId('webhook-test').getAttribute('aria-disabled')).toBe('true');
  await fireEvent.input(field(), { target: { value: 'http://flow.example/x' } });
  await fireEvent.submit(field().closest('form') as HTMLFormElement);
  expect((await screen.findByTestId('webhook-problem')).textContent).toContain('https://');
  expect(field().value).toBe('http://flow.example/x');
  await fireEvent.input(field(), { target: { value: ADDRESS } });
  await fireEvent.submit(field().closest('form') as HTMLFormElement);
  expect((await screen.findByTestId('webhook-host')).textContent).toBe('flow.example');
  expect(host.asked('webhook_address').at(-1)).toEqual({ typed: { address: ADDRESS } });
  expect(document.body.innerHTML).not.toContain('deadbeef');
  expect(screen.queryByTestId('webhook-problem')).toBeNull();
  await fireEvent.click(screen.getByTestId('webhook-forget'));
  await vi.waitFor(() => expect(field().value).toBe(''));
});

it('shows a message as it goes, in the language of the messages, and what became of a trial', async () => {
  const { host, signedIn } = shown({}, { host: 'flow.example', kept: true });
  await vi.waitFor(() => expect(screen.getByTestId('webhook-preview').textContent).toContain('"Rojo"'));
  expect(words(host)).toMatchObject({ language: 'en', above: 'over {limit}', red: 'Red: {subject}' });
  expect(Object.values(words(host)?.figures ?? {}).filter((text) => !text?.includes('{value}'))).toEqual([]);
  await fireEvent.change(screen.getByLabelText('Language of the messages'), { target: { value: 'pt-BR' } });
  await vi.waitFor(() =>
    expect(words(host)).toMatchObject({ language: 'pt-BR', red: 'Vermelho: {subject}' }),
  );
  await fireEvent.change(screen.getByTestId('webhook-form'), { target: { value: 'slack' } });
  await fireEvent.click(screen.getByTestId('webhook').querySelector('[data-part=amber]') as HTMLElement);
  expect(signedIn.settings.value?.webhook).toMatchObject({ form: 'slack', amber: true, over: true });
  await fireEvent.click(screen.getByTestId('webhook-test'));
  await vi.waitFor(() =>
    expect(screen.getByTestId('webhook-last').textContent).toMatch(/Test: .* refused: 404 · no such flow/),
  );
});

it('says that it stopped, and goes on when told to', async () => {
  const last = { atMs: 0, outcome: { kind: 'unknown' as const, why: 'timeout' as const }, test: false };
  const state = { host: 'flow.example', kept: true, stopped: true, refused: 3, unknown: 1, last };
  const { host } = shown({ on: true }, state);
  await screen.findByText(/three messages in a row were refused/);
  expect(screen.getByTestId('webhook-last').textContent).toContain('unknown: no answer in time');
  screen.getByText('0 done · 3 refused · 1 unknown · 0 never sent');
  await fireEvent.click(screen.getByTestId('webhook-resume'));
  await vi.waitFor(() => expect(screen.queryByTestId('webhook-resume')).toBeNull());
  expect(host.asked('webhook_resume')).toEqual([{}]);
});

it.each([
  [
    'teams',
    JSON.stringify({
      attachments: [
        {
          content: {
            body: [
              { inlines: [{ text: '▲ Rojo: Ventas *1*' }] },
              { inlines: [{ text: '9 en cola & <más>' }] },
              { inlines: [{ text: 'más de 8\n· Río' }] },
            ],
          },
        },
      ],
    }),
  ],
  [
    'slack',
    JSON.stringify({
      text: 'whatever',
      blocks: [
        { text: { text: '*▲ Rojo: Ventas *1**\n9 en cola &amp; &lt;más&gt;' } },
        { elements: [{ text: 'más de 8\n· Río' }] },
      ],
    }),
  ],
] as const)(
  'shows a message of %s as a person reads it, and its exact content when asked',
  async (form, body) => {
    const { host, signedIn } = shown({ form });
    host.asks.webhook_preview = () => body;
    signedIn.settings.savedAt = 1;
    const example = await screen.findByTestId('webhook-example');
    const [title, ...lines] = [...example.children].map((line) => line.textContent);
    expect([title, lines]).toEqual(['▲ Rojo: Ventas *1*', ['9 en cola & <más>', 'más de 8', '· Río']]);
    expect(screen.queryByTestId('webhook-preview')).toBeNull();
    await fireEvent.click(screen.getByTestId('webhook-exact'));
    expect(screen.getByTestId('webhook-preview').textContent).toBe(body);
  },
);
