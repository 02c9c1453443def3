namespace UdsBroker.Compat.Actors.Tests;

/// <summary>The failure of tests.</summary>
internal sealed class Boom(string message) : Exception(message);
