using System.Runtime.ExceptionServices;

namespace UdsBroker.Compat.Streams.Tests;

/// <summary>The test's hand on a running manual stage.</summary>
public class ManualControl<TPort>
{
    private readonly TaskCompletionSource<Action<Action<TPort>>> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Recorder Signals { get; } = new();

    internal void Started(Action<Action<TPort>> invoke) => _started.TrySetResult(invoke);

    /// <summary>Runs something inside of the stage and returns when it has; what it throws is thrown here and not into the stage.</summary>
    public async Task DoAsync(Action<TPort> action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Exception? thrown = null;
        var invoke = await _started.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        invoke(port =>
        {
            try
            {
                action(port);
            }
            catch (Exception e)
            {
                thrown = e;
            }

            done.SetResult();
        });
        await done.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        if (thrown is not null)
            ExceptionDispatchInfo.Throw(thrown);
    }

    /// <summary>Returns when everything that was told to the actor of the stage before has been done.</summary>
    public Task FenceAsync() => DoAsync(_ => { });
}
