namespace UdsBroker.Broker.Routing;

/// <summary>How much may wait for its time.</summary>
/// <param name="Messages">Messages.</param>
/// <param name="Bytes">Bytes of whole frames.</param>
/// <param name="LongestDelay">The longest delay, in milliseconds.</param>
internal sealed record DelayBounds(int Messages, long Bytes, long LongestDelay);
