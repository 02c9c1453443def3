namespace Akka.Streams.Stage;

/// <summary>Reacts to what arrives at an input port.</summary>
public interface IInHandler
{
    /// <summary>An element is there to be grabbed.</summary>
    void OnPush();

    /// <summary>No further element will come; an element that was pushed before may still be there to be grabbed.</summary>
    void OnUpstreamFinish();

    void OnUpstreamFailure(Exception e);
}
