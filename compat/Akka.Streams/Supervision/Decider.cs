namespace Akka.Streams.Supervision;

/// <summary>Maps an exception thrown by a user's function to what is to be done about it.</summary>
public delegate Directive Decider(Exception cause);
