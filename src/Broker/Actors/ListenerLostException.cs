namespace UdsBroker.Broker.Actors;

/// <summary>A listener cannot be reached any more and binding it again would not help; the broker has to end.</summary>
internal sealed class ListenerLostException(string message) : Exception(message);
