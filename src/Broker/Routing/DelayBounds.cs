namespace UdsBroker.Broker.Routing;

/// <summary>How many messages may be delayed, and for how long.</summary>
/// <param name="InAll">Of all users together.</param>
/// <param name="OfUser">Of each user.</param>
/// <param name="LongestDelay">The longest delay, in milliseconds.</param>
internal sealed record DelayBounds(KeptBound InAll, KeptBound OfUser, long LongestDelay)
{
    /// <summary>Bounds without one for each user.</summary>
    internal DelayBounds(int messages, long bytes, long longestDelay)
        : this(new KeptBound(messages, bytes), KeptBound.None, longestDelay)
    {
    }
}
