namespace UdsBroker.Broker.Routing;

/// <summary>How much may be retained.</summary>
/// <param name="InAll">Of all users together, one message for each subject.</param>
/// <param name="OfUser">Of each user.</param>
internal sealed record RetainedBounds(KeptBound InAll, KeptBound OfUser)
{
    /// <summary>Bounds without one for each user.</summary>
    internal RetainedBounds(int messages, long bytes)
        : this(new KeptBound(messages, bytes), KeptBound.None)
    {
    }
}
