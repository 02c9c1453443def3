namespace Akka.Streams;

/// <summary>The ports of a flow whose element types are not known.</summary>
internal interface IFlowShape
{
    Inlet Inlet { get; }

    Outlet Outlet { get; }
}
