namespace UdsBroker.Broker.Delivery;

/// <summary>How much may wait for a subscription before its overflow policy acts; it acts when either bound is exceeded.</summary>
/// <param name="Bytes">Bytes of whole frames.</param>
/// <param name="Messages">Messages.</param>
internal readonly record struct PendingBound(long Bytes, long Messages);
