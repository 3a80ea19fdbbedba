import { expect, it } from 'vitest';
import { fakeHost } from '../host/fake';
import type { ServerHint } from '../host/host';
import { App } from './app.svelte';

it('drops what it told of an address when the address is another', async () => {
  const told: ServerHint = {
    normalized: 'https://a.example/Integra',
    telephonyUrl: 'https://a.example',
    backupUrl: null,
    problem: null,
  };
  const host = fakeHost({ asks: { server_hint: () => told } });
  const form = new App(host).signInForm();
  form.fields.serverUrl = 'a.example';
  await form.look();
  expect(form.hint).toEqual(told);
  form.fields.serverUrl = 'b.example';
  expect(form.hint).toBeNull();
  form.fields.serverUrl = 'a.example';
  expect(form.hint).toEqual(told);
});
