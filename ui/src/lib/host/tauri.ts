// The only place that speaks to Tauri.
import { Channel, invoke } from '@tauri-apps/api/core';
import type { Host } from './host';

export const tauri: Host = {
  ask: (name, args) => invoke(name, args),
  stream: (name, args, on) => {
    const channel = new Channel<Parameters<typeof on>[0]>();
    channel.onmessage = (message) => {
      on(message);
      // The next update waits for this one to be taken: a busy window never has a queue of them.
      if (name === 'floor_watch') void invoke('floor_taken');
    };
    return invoke(name, { ...args, channel });
  },
};
