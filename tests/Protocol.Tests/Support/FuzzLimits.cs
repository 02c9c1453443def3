namespace UdsBroker.Protocol.Tests;

/// <summary>Limits for generated input.</summary>
public static class FuzzLimits
{
    /// <summary>So tight that their edges are met.</summary>
    public static readonly Limits Tight = Limits.Default with
    {
        MaxPayloadBytes = 200,
        MaxSubjectBytes = 40,
        MaxHeaders = 3,
        MaxHeaderBytes = 100,
        MaxHelloBytes = 60,
        MaxControlFrameBytes = 300,
        MaxElements = 60,
        MaxDepth = 5,
    };
}
