namespace UdsBroker.Broker.Actors;

/// <summary>A listener cannot be reached any more and binding again would not help; the broker has to end and say so.</summary>
internal sealed class ListenerLostException(string message) : Exception(message);
