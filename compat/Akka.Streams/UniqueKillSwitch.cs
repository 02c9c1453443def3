namespace Akka.Streams;

/// <summary>The kill switch of one place in one stream.</summary>
public sealed class UniqueKillSwitch : IKillSwitch
{
    private readonly TaskCompletionSource<NotUsed> _signal;

    internal UniqueKillSwitch(TaskCompletionSource<NotUsed> signal) => _signal = signal;

    public void Shutdown() => _signal.TrySetResult(NotUsed.Instance);

    public void Abort(Exception cause) => _signal.TrySetException(cause);

    public override string ToString() => $"SingleKillSwitch({GetHashCode()})";
}
