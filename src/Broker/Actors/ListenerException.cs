namespace UdsBroker.Broker.Actors;

/// <summary>A listener stopped working while the broker ran; its supervisor binds it again.</summary>
internal sealed class ListenerException(string listener, Exception inner) : Exception($"listener {listener}: {inner.Message}", inner);
