namespace UdsBroker.Broker.Transport;

/// <summary>What to do after a failed accept.</summary>
public enum AcceptFailure
{
    /// <summary>The machine is short of descriptors or memory. Try again after a pause: trying at once burns a whole core.</summary>
    BackOff,

    /// <summary>This listener will not work again; it has to be reopened.</summary>
    Fatal,
}

/// <summary>A connection could not be accepted, for a reason that concerns the listener and not one peer.</summary>
public sealed class AcceptException : Exception
{
    /// <summary>Creates the failure.</summary>
    /// <param name="failure">What to do.</param>
    /// <param name="inner">What the socket said.</param>
    public AcceptException(AcceptFailure failure, Exception inner)
        : base($"accept failed: {inner?.Message}", inner) => Failure = failure;

    /// <summary>What to do.</summary>
    public AcceptFailure Failure { get; }
}
