using Akka.Streams.Implementation;

namespace Akka.Streams;

/// <summary>The kill switch of one place in one stream.</summary>
public sealed class UniqueKillSwitch : IKillSwitch
{
    private readonly KillSignal _signal;

    internal UniqueKillSwitch(KillSignal signal) => _signal = signal;

    public void Shutdown() => _signal.Give();

    public void Abort(Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        _signal.Give(cause);
    }

    public override string ToString() => $"SingleKillSwitch({GetHashCode()})";
}
