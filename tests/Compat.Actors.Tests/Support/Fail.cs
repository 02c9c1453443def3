namespace UdsBroker.Compat.Actors.Tests;

/// <summary>Asks a <see cref="Recorder"/> to throw.</summary>
internal sealed record Fail(string Reason);
