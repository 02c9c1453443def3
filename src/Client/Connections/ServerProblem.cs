namespace UdsBroker.Client;

/// <summary>Why a server may not be trusted.</summary>
/// <param name="Text">The reason, without a full stop.</param>
/// <param name="Advice">A sentence about the option that would trust it, where one would.</param>
internal readonly record struct ServerProblem(string Text, string? Advice = null);
