namespace Akka.Streams.Stage;

/// <summary>Reacts to what arrives at an output port.</summary>
public interface IOutHandler
{
    /// <summary>One element may be pushed.</summary>
    void OnPull();

    /// <summary>No further element is wanted. A cause other than a <see cref="SubscriptionWithCancelException.NonFailureCancellation"/> is a failure.</summary>
    void OnDownstreamFinish(Exception cause);
}
