namespace Akka.Actor;

/// <summary>A behaviour: takes a message and says whether it handled it.</summary>
public delegate bool Receive(object message);
