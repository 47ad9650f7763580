// Preloaded into a process, and so into its threads: whatever it tries to reach is not there.
import dns from 'node:dns';
import net from 'node:net';

const refuse = () => {
  throw new Error('This process has no network.');
};
net.Socket.prototype.connect = refuse;
dns.lookup = refuse;
dns.promises.lookup = refuse;
