namespace Akka.Actor;

/// <summary>What an actor receives when its receive timeout passed without a message.</summary>
public class ReceiveTimeout : IPossiblyHarmful
{
    private ReceiveTimeout()
    {
    }

    public static ReceiveTimeout Instance { get; } = new();
}
