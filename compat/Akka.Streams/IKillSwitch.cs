namespace Akka.Streams;

/// <summary>Ends a stream from outside, from any thread. Only the first call counts.</summary>
public interface IKillSwitch
{
    /// <summary>Completes the downstream and cancels the upstream.</summary>
    void Shutdown();

    /// <summary>Fails the downstream and cancels the upstream, both with the cause inside of an <see cref="AggregateException"/>.</summary>
    void Abort(Exception cause);
}
