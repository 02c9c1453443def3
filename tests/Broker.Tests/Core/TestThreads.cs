namespace UdsBroker.Broker.Tests.Core;

/// <summary>The threads of one test. A failure on one of them is kept for the test, and every join has a timeout.</summary>
internal sealed class TestThreads
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<Thread> _threads = [];
    private readonly List<Exception> _failures = [];

    internal Thread Start(Action work)
    {
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception failure)
            {
                lock (_failures) _failures.Add(failure);
            }
        })
        { IsBackground = true };
        thread.Start();
        _threads.Add(thread);
        return thread;
    }

    /// <summary>Waits for all of them, which must have been told to end, and asserts that none has failed.</summary>
    /// <param name="hint">Begins the message when one does not end.</param>
    internal void Join(string hint = "")
    {
        Assert.All(_threads, thread => Assert.True(thread.Join(Patience), $"{hint}a thread never ended"));
        Assert.Empty(_failures);
    }
}
