namespace UdsBroker.Client;

/// <summary>Why a server is not trusted.</summary>
/// <param name="Text">The reason, without a full stop.</param>
/// <param name="Advice">A sentence about the option with which it would be trusted; null when there is none.</param>
internal readonly record struct ServerProblem(string Text, string? Advice = null);
