namespace UdsBroker.Broker.Routing;

/// <summary>How much users may have retained. The broker's own messages are not counted.</summary>
/// <param name="Messages">Messages, one for each subject.</param>
/// <param name="Bytes">Bytes of their whole frames.</param>
internal sealed record RetainedBounds(int Messages, long Bytes);
