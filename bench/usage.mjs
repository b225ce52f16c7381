// Loaded into a measured process (--import) where the kernel does not tell its CPU time: answers with it over IPC.
process.on('message', (message) => {
  if (message === 'usage') process.send(process.resourceUsage());
});
process.channel?.unref();
