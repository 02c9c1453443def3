namespace Akka.Streams.Stage;

/// <summary>Ignores demand, ends when the downstream cancels.</summary>
public sealed class EagerTerminateOutput : OutHandler
{
    public static readonly EagerTerminateOutput Instance = new();

    private EagerTerminateOutput()
    {
    }

    public override void OnPull()
    {
    }
}
